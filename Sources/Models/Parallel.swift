import Dispatch

/// Does `count` independent pieces of work on at most `threads` threads. Which thread does which piece is nobody's
/// business: a piece must write only what is its own, and results are put together in the order of the pieces, so that
/// they do not depend on the number of threads.
package func forEachInParallel(_ count: Int, threads: Int, _ work: (Int) -> Void) {
  let workers = min(max(threads, 1), count)
  if workers <= 1 {
    for piece in 0..<count { work(piece) }
    return
  }
  // The pieces are independent, and all are done when this returns.
  nonisolated(unsafe) let work = work
  DispatchQueue.concurrentPerform(iterations: workers) { worker in
    for piece in stride(from: worker, to: count, by: workers) { work(piece) }
  }
}
