import Emissions
import Foundation
import Sequences
import Testing

@Suite struct StandardisationTests {
  @Test("Means and scales are those of the columns, and a constant column keeps scale 1")
  func ofColumns() {
    let set = VectorSequences([[[1, 5], [3, 5]], [], [[5, 5]]], width: 2)
    let standardisation = Standardisation(of: set)
    #expect(standardisation.means == [3, 5])
    #expect(abs(standardisation.scales[0] - (8.0 / 3).squareRoot()) < 1e-15 && standardisation.scales[1] == 1)
    #expect(abs(standardisation.logScale - log(8.0 / 3) / 2) < 1e-15)
    #expect(standardisation.restore([0, 0]) == [3, 5])
  }
}
