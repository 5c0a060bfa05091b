import { away } from "./away.js";
import { wait } from "./waiting.js";

// What runs in the pages that say in plain words why there is nothing to see.

away();
wait();
