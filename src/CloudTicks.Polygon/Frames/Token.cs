namespace CloudTicks.Polygon.Frames;

internal enum TokenType : byte
{
    Number,

    /// <summary>A string without escapes; the token is the text between the quotes.</summary>
    Text,

    /// <summary>A string with escapes; the token is the text between the quotes.</summary>
    EscapedText,
    List,
    Object,
    Boolean,
    Null,
}

/// <summary>The position of a value in the frame and, if it is a plain number, its value.</summary>
/// <param name="Length">Length in bytes.</param>
/// <param name="Decimals">The number of decimals; -1 when the value is not a number, or has an exponent or more than 18 digits.</param>
internal readonly record struct Token(TokenType Type, int Start, int Length, long Mantissa = 0, int Decimals = -1);
