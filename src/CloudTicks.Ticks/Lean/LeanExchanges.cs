namespace CloudTicks.Ticks.Lean;

/// <summary>
/// Maps the tape's exchange letters to Polygon's exchange ids: A NYSE American 1, B Nasdaq BX 2, C NYSE National 3, D FINRA 4, H MIAX
/// Pearl 20, I ISE 6, J EDGA 7, K EDGX 8, L LTSE 14, M NYSE Chicago 9, N NYSE 10, P NYSE Arca 11, Q and T Nasdaq 12, U MEMX 21, V IEX 15,
/// W CBSX 16, X Nasdaq PSX 17, Y BYX 18, Z BZX 19.
/// </summary>
internal static class LeanExchanges
{
    public const int Count = 22;

    /// <exception cref="LeanFormatException">No exchange has this letter.</exception>
    public static int IdOf(ReadOnlySpan<byte> code) => code switch
    {
        [(byte)'A'] => 1,
        [(byte)'B'] => 2,
        [(byte)'C'] => 3,
        [(byte)'D'] => 4,
        [(byte)'I'] => 6,
        [(byte)'J'] => 7,
        [(byte)'K'] => 8,
        [(byte)'M'] => 9,
        [(byte)'N'] => 10,
        [(byte)'P'] => 11,
        [(byte)'Q' or (byte)'T'] => 12,
        [(byte)'L'] => 14,
        [(byte)'V'] => 15,
        [(byte)'W'] => 16,
        [(byte)'X'] => 17,
        [(byte)'Y'] => 18,
        [(byte)'Z'] => 19,
        [(byte)'H'] => 20,
        [(byte)'U'] => 21,
        _ => throw new LeanFormatException($"there is no exchange '{System.Text.Encoding.UTF8.GetString(code)}'"),
    };
}
