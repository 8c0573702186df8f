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

/// <summary>Where a value stands in the frame, and what a plain number is worth.</summary>
/// <param name="Length">Its bytes.</param>
/// <param name="Decimals">How many of them stand behind the point; -1 when the value is no number, or has an exponent or more than 18
/// digits.</param>
internal readonly record struct Token(TokenType Type, int Start, int Length, long Mantissa = 0, int Decimals = -1);
