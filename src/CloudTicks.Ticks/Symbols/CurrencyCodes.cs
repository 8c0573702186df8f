using System.Collections.Frozen;

namespace CloudTicks.Ticks.Symbols;

/// <summary>
/// The codes that identify the market of a pair: ISO 4217 currencies with the offshore yuan, four metals, and the crypto currencies that
/// trade in dollars on the large exchanges. A pair with an unlisted code keeps its market's prefix in its name; no tick is lost.
/// </summary>
internal static class CurrencyCodes
{
    private static readonly FrozenSet<string> Currencies = Split(
        "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLF CLP CNH "
        + "CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HRK HTG HUF IDR ILS "
        + "INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR "
        + "MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP "
        + "SLE SLL SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VES VND VUV WST XAF XCD XOF XPF "
        + "YER ZAR ZMW ZWL XAU XAG XPT XPD");

    private static readonly FrozenSet<string> Cryptos = Split(
        "1INCH AAVE ADA ALGO APE APT ARB ATOM AVAX AXS BAT BCH BNB BONK BSV BTC CHZ COMP CRO CRV DAI DASH DOGE DOT EGLD ENJ ENS EOS ETC "
        + "ETH FET FIL FLOW FTM GALA GRT HBAR ICP IMX INJ JUP KSM LDO LINK LRC LTC MANA MATIC MKR NEAR OP PEPE POL QNT RNDR SAND SEI "
        + "SHIB SNX SOL STX SUI SUSHI TAO THETA TIA TON TRX UNI USDC USDT VET WIF WLD XLM XMR XRP XTZ YFI ZEC ZRX");

    // Longer codes first: BTCUSDT is BTC-USDT.
    private static readonly string[] QuoteCurrencies = ["USDT", "USDC", "USD", "EUR", "GBP", "JPY", "AUD", "CAD", "BTC", "ETH"];

    private static readonly string[] Majors = ["USD", "EUR", "JPY", "GBP", "CHF", "AUD", "CAD", "NZD", "XAU", "XAG"];

    public static bool IsCurrency(string code) => Currencies.Contains(code);

    public static bool IsCrypto(string code) => Cryptos.Contains(code);

    public static bool IsMajor(string code) => Array.IndexOf(Majors, code) >= 0;

    /// <summary>
    /// Returns the code itself if it is known, or else the code of a currency or metal that differs in one letter or two swapped letters.
    /// </summary>
    /// <returns>Of several qualifying codes, a major currency, or else the first in alphabetical order; null if none qualifies.</returns>
    public static string? Nearest(string code) => IsCurrency(code) || IsCrypto(code) ? code
        : Array.Find(Majors, major => IsNear(code, major))
            ?? Currencies.Order(StringComparer.Ordinal).FirstOrDefault(one => IsNear(code, one));

    private static bool IsNear(string left, string right)
    {
        if (left.Length != right.Length)
        {
            return false;
        }

        int[] differing = [.. Enumerable.Range(0, left.Length).Where(at => left[at] != right[at])];
        return differing is [_] || (differing is [var first, var second] && left[first] == right[second] && left[second] == right[first]);
    }

    /// <summary>The quote currency of a crypto pair without a dash; null when it is unknown.</summary>
    public static string? QuoteCurrencyOf(string pair) =>
        Array.Find(QuoteCurrencies, quote => pair.Length > quote.Length && pair.EndsWith(quote, StringComparison.Ordinal));

    private static FrozenSet<string> Split(string codes) => codes.Split(' ').ToFrozenSet(StringComparer.Ordinal);
}
