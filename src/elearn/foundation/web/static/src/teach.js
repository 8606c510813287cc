// What instructors' pages load on top of core.js; learners never get it.
import "./teach/upload.js";
