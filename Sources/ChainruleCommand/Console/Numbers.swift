import Reports

/// Numbers for people, as reports have them.
typealias Numbers = Reports.Numbers
