/// Wilson's 95 % score interval for a probability, of successes in independent trials (Wilson 1927, "Probable inference").
/// - Precondition: 0 ≤ `successes` ≤ `trials`, and a trial.
package func wilsonInterval(_ successes: Int, of trials: Int) -> ClosedRange<Double> {
  precondition(trials > 0 && successes >= 0 && successes <= trials)
  let (n, z) = (Double(trials), 1.959963984540054)
  let p = Double(successes) / n
  let scale = 1 / (1 + z * z / n)
  let centre = scale * (p + z * z / (2 * n))
  let half = scale * z * (p * (1 - p) / n + z * z / (4 * n * n)).squareRoot()
  return max(centre - half, 0)...min(centre + half, 1)
}
