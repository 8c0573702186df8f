namespace CloudTicks.Polygon.Serving.Events;

internal enum NumberStyle
{
    /// <summary>As a plain decimal: <c>1.10012</c>.</summary>
    Plain,

    /// <summary>With an exponent: <c>110012e-05</c>. Only for prices and sizes.</summary>
    Exponent,

    /// <summary>As a string: <c>"1.10012"</c>. For all numbers, including times.</summary>
    Text,
}
