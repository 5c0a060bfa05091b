import { away } from "./away.js";
import { print } from "./print.js";
import { wait } from "./waiting.js";

// What runs in the plain pages: those that say why there is nothing to see, and the one of the return code.

away();
print();
wait();
