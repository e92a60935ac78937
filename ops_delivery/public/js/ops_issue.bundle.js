// What this app adds to the form of Issue, where it is in use (desk.js). It stands on ops_desk.
import "./issue_dialogs.js";
import "./issue_triage.js";
import "./issue_result.js";
import "./issue_actions.js";
import "./issue.js";
// after the course, to stand above it
import "./issue_messages.js";
import "./visit/plan.js";
import "./improve.js";
import "./knowledge.js";
