// What instructors' pages load on top of core.js; learners never get it.
import "./teach/editor.js";
import "./teach/upload.js";
