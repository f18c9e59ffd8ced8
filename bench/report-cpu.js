// Loaded before a program: reports its CPU time on request, and ends it with the parent.
process.on('message', () => process.send?.({ cpu: process.cpuUsage() }));
process.on('disconnect', () => process.exit());
// The channel alone must not keep the program alive, nor must it end early.
process.channel?.unref();
