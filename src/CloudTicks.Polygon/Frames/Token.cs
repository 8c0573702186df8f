namespace CloudTicks.Polygon.Frames;

internal enum TokenType : byte
{
    Number,

    /// <summary>A string without escapes; the token is what stands between the quotes.</summary>
    Text,

    /// <summary>A string that holds escapes; the token is what stands between the quotes.</summary>
    EscapedText,
    List,
    Object,
    Boolean,
    Null,
}

/// <summary>Where a value stands in the frame.</summary>
internal readonly record struct Token(TokenType Type, int Start, int Length);
