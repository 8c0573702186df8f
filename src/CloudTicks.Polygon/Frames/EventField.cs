namespace CloudTicks.Polygon.Frames;

/// <summary>Keys of events and statuses that are read, for all markets; one key differs in meaning between events.</summary>
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
