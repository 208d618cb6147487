// The rows are plain HTML beside this component; see poolviz/live/pointing.js.
import { attached } from "../../live/pointing.js";

const views = new WeakMap(); // parentElement -> view

export default function ({ parentElement, data, setTriggerValue }) {
  let view = views.get(parentElement);
  if (!view) views.set(parentElement, view = attached(parentElement));
  view.words = data;
  view.send = setTriggerValue;
  if (!view.token) view.show(null);
  return () => {
    view.detach();
    views.delete(parentElement);
  };
}
