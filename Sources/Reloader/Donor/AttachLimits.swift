/// Time limits of an attach, in milliseconds.
package struct AttachLimits: Sendable {
    package var donor: Int64 = 2000
    package var pipes: Int64 = 2500
    package var answer: Int64 = 10000
    package var leave: Int64 = 2000

    package init() {}
}
