import { mapOf, row } from './schema.js';

/** `GET /config`. */
export const configFlag = row('name', 'section', 'type', 'tags', 'description', 'value');

/** `GET /configs`. Flags by name. */
export const configs = mapOf(configFlag);

/** `GET` and `POST /updateConfig`. */
export const updateConfig = row('update_status');
