/** Lists and menus that open beside a control, above everything else. */
import { useLayoutEffect, useRef, useState } from "../html.js";

const GAP = 4;
const EDGE = 8;

/** {open, setOpen, anchor, popup}: give the refs to the control and to an element with popover="manual". */
export function usePopup() {
  const anchor = useRef(null);
  const popup = useRef(null);
  const [open, setOpen] = useState(false);
  useLayoutEffect(() => {
    if (!open) return undefined;
    const [control, box] = [anchor.current, popup.current];
    box.showPopover();
    const settle = (event) => {
      if (!(event?.target instanceof Node && box.contains(event.target))) beside(control, box);
    };
    const leave = ({ target }) => {
      if (!box.contains(target) && !control.contains(target)) setOpen(false);
    };
    settle();
    addEventListener("resize", settle);
    document.addEventListener("scroll", settle, true);
    document.addEventListener("pointerdown", leave, true);
    document.addEventListener("focusin", leave);
    return () => {
      removeEventListener("resize", settle);
      document.removeEventListener("scroll", settle, true);
      document.removeEventListener("pointerdown", leave, true);
      document.removeEventListener("focusin", leave);
    };
  }, [open]);
  return { open, setOpen, anchor, popup };
}

/** Put a box under a control, or over it where there is more room. */
function beside(control, box) {
  const rect = control.getBoundingClientRect();
  const [above, below] = [rect.top - EDGE, innerHeight - rect.bottom - EDGE];
  box.style.minWidth = `${Math.min(rect.width, innerWidth - 2 * EDGE)}px`;
  box.style.maxHeight = "";
  const upwards = box.scrollHeight > below && above > below;
  box.style.maxHeight = `${Math.min(320, (upwards ? above : below) - GAP)}px`;
  box.style.left = `${Math.max(EDGE, Math.min(rect.left, innerWidth - box.offsetWidth - EDGE))}px`;
  box.style.top = `${upwards ? rect.top - box.offsetHeight - GAP : rect.bottom + GAP}px`;
}
