// Everything the page does beyond being read: live updates, actions, keyboard. Without it the page
// still shows all there is.
import { startTheme } from './theme.js';
import { startTimes } from './time.js';
import { startKeys } from './keys.js';
import { startLive } from './live.js';
import { startCopy } from './copy.js';
import { startMenus } from './menus.js';
import { startList } from './list.js';
import { startDetail } from './detail.js';

startTheme();
startTimes();
startCopy();
startMenus();
startKeys();
const page = document.body.dataset.page;
if (page === 'list') startList();
if (page === 'detail') startDetail();
startLive(page);
