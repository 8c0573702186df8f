namespace CloudTicks.Polygon.Frames;

/// <summary>
/// The fields that are read from events and statuses of all markets. The same key may differ in meaning between event types.
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
