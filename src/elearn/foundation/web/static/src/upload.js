// What a learner's page with an upload loads on top of core.js.
import "./upload/send.js";
