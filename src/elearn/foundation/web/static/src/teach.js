// What instructors' pages load on top of core.js; learners never get it.
import "./teach/arrange.js";
import "./teach/editor.js";
import "./teach/pictures.js";
import "./teach/tools.js";
import "./teach/questions.js";
import "./upload/send.js";
