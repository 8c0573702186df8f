namespace CloudTicks.Polygon.Serving.Events;

internal enum NumberStyle
{
    /// <summary><c>1.10012</c>.</summary>
    Plain,

    /// <summary><c>110012e-05</c>: prices and sizes.</summary>
    Exponent,

    /// <summary><c>"1.10012"</c>: all numbers, also times.</summary>
    Text,
}
