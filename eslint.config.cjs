// What pre-commit looks for in our scripts: names that are nowhere, what is left over, comparisons that guess.
const FRAPPE = ["frappe", "__", "$", "jQuery", "cur_frm", "cur_dialog", "cur_list", "cint", "cstr", "flt", "locals", "moment", "strip_html", "open_url_post"];
const FRAPPE_NUMBERS = ["format_currency", "format_number", "get_number_format", "get_number_format_info"];
const OURS = ["ops_delivery", "erpnext"];
const BROWSER = [
	...["window", "document", "navigator", "location", "history", "self", "console", "performance", "crypto", "CSS"],
	...["localStorage", "sessionStorage", "indexedDB", "caches", "fetch", "alert", "matchMedia", "getComputedStyle", "getSelection"],
	...["setTimeout", "clearTimeout", "setInterval", "clearInterval", "requestAnimationFrame", "queueMicrotask", "structuredClone"],
	...["FormData", "URL", "URLSearchParams", "Blob", "File", "FileReader", "Image", "createImageBitmap", "Option", "DOMParser"],
	...["Event", "CustomEvent", "Node", "Element", "HTMLElement", "HTMLInputElement", "DataTransfer", "TextEncoder", "Intl"],
	...["MutationObserver", "IntersectionObserver", "ResizeObserver", "AbortController", "AbortSignal", "addEventListener"],
];

// what Frappe puts in as it sends a form's script
const INCLUDE = /^\{% include .*%\}$/gm;

module.exports = [
	{ ignores: ["**/dist/**", "**/node_modules/**"] },
	{
		files: ["ops_delivery/**/*.js"],
		processor: { preprocess: (text) => [text.replace(INCLUDE, "")], postprocess: (messages) => messages.flat() },
		languageOptions: {
			ecmaVersion: 2022,
			sourceType: "module",
			globals: Object.fromEntries([...FRAPPE, ...FRAPPE_NUMBERS, ...OURS, ...BROWSER].map((name) => [name, "readonly"])),
		},
		rules: {
			"no-undef": "error",
			"no-unused-vars": ["error", { args: "after-used", argsIgnorePattern: "^_", caughtErrors: "none", ignoreRestSiblings: true }],
			"no-redeclare": "error",
			"no-dupe-keys": "error",
			"no-unreachable": "error",
			"no-const-assign": "error",
			"no-self-assign": "error",
			"no-fallthrough": "error",
			"no-eval": "error",
			"no-implied-eval": "error",
			"no-var": "error",
			"prefer-const": "error",
			"valid-typeof": "error",
			eqeqeq: ["error", "smart"],
		},
	},
];
