// SPDX-License-Identifier: MIT
// A collector in a process of its own, to be killed. The parent sends `{ killAfterCommits: n }`; the process then ends by SIGKILL when its
// nth commit from now is done and nothing was answered yet: the reply that is lost after the commit.
import { createCollector } from 'souk/collector';
import { openStore, serve } from 'souk/collector/node';

const { place, options } = JSON.parse(process.env.SOUK_TEST_COLLECTOR ?? '{}');
let commitsLeft = Infinity;
process.on('message', ({ killAfterCommits }) => {
  commitsLeft = killAfterCommits;
});

const store = await openStore(place);
const deadly = {
  ...store,
  async transaction(work) {
    let wrote = false;
    const watched = (sql) => ({
      query(text, values) {
        wrote ||= text.includes('insert into souk.verdicts');
        return sql.query(text, values);
      },
    });
    const result = await store.transaction((sql) => work(watched(sql)));
    if (wrote) {
      commitsLeft -= 1;
      if (commitsLeft <= 0) process.kill(process.pid, 'SIGKILL');
    }
    return result;
  },
};
const collector = await createCollector({ ...options, store: deadly });
const serving = await serve(collector);
process.send?.({ url: serving.url });
process.on('SIGTERM', async () => {
  await serving.close();
  await store.close();
  process.exit(0);
});
