// swift-tools-version: 6.2
import PackageDescription

/// A package that depends on Plimsoll as anybody's would: its test is that it builds and prices a book.
let package = Package(
  name: "library-door",
  dependencies: [.package(name: "plimsoll", path: "../..")],
  targets: [
    .executableTarget(
      name: "LibraryDoor", dependencies: [.product(name: "Plimsoll", package: "plimsoll")])
  ]
)
