// What the forms of this app share. The desk loads it with the first of them that is opened (desk.js).
import "./ask.js";
import "./pickers.js";
import "./missing.js";
import "./live_clock.js";
import "./clock_actions.js";
import "./clock_panel.js";
import "./target_matrix.js";
import "./grids.js";
import "./handover.js";
import "./chain.js";
import "./review_panel.js";
import "./form_words.js";
import "./surveys.js";
import "./keep_seconds.js";
