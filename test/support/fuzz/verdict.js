// The judge of one HTTP/1.1 connection.
import { readAnswers } from './answers.js';
import { judgeAnswer } from './judge.js';

/** What Node's own parser may say to what it cannot read. */
const NODES_OWN = [400, 408, 413, 417, 431];

/**
 * @param {import('./conversations.js').Conversation} conversation
 * @param {import('./talk.js').Heard} heard
 * @param {import('./judge.js').Rules} rules
 * @returns {number[]} The statuses that came.
 * @throws {Error} that says what is wrong with what came.
 */
export function judgeConversation(conversation, { bytes, hasEnded, wasSlow, isHung }, rules) {
  const { requests, ending } = conversation;
  const isSound = conversation.isSound && !wasSlow;
  if (isHung) throw new Error(`hung: ${bytes.length} bytes came, and the connection is still open`);
  const isWhole = !['reset', 'leave', 'unread'].includes(ending) && (isSound || hasEnded);
  const methods = requests.map(({ method }) => method);
  // What is no request at all may still get a "400 Bad Request".
  const answers = readAnswers(bytes, isSound ? methods : [...methods, 'GET'], isWhole);
  if (isSound && answers.length !== requests.length) {
    throw new Error(`${answers.length} answers to ${requests.length} requests`);
  }
  answers.forEach((answer, i) => {
    const { byNode, status } = answer;
    if (byNode && !isSound && NODES_OWN.includes(status)) return;
    const request = requests[i];
    if (byNode || request === undefined)
      throw new Error(`Node's own ${status} to a request that is in order`);
    judgeAnswer(answer, request, rules);
  });
  return answers.map(({ status }) => status);
}
