namespace CloudTicks.Polygon.Frames;

/// <summary>
/// The keys of events and statuses that are read, over all markets. The same key means different things in different events.
/// </summary>
internal enum EventField
{
    None,
    A,
    Ap,
    As,
    Ax,
    B,
    Bp,
    Bs,
    Bx,
    C,
    Ds,
    Ev,
    I,
    Message,
    P,
    Pair,
    Pt,
    Q,
    R,
    S,
    Status,
    Sym,
    T,
    Trfi,
    Trft,
    X,
    Z,
}
