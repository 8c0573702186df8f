namespace CloudTicks.Lake.Importing;

/// <summary>The names of fields in <c>--map</c>, and the column names that are recognized without it.</summary>
internal static class ImportFields
{
    public static readonly int Count = Enum.GetValues<ImportField>().Length;

    /// <summary>The column names of each field, in order of preference. The first one is also the field's name in <c>--map</c>.</summary>
    private static readonly (ImportField Field, string[] Names)[] All =
    [
        (ImportField.Time, ["time", "timestamp_ms", "timestamp", "datetime", "sip_timestamp"]),
        (ImportField.Symbol, ["symbol", "ticker", "pair"]),
        (ImportField.Market, ["market"]),
        (ImportField.Kind, ["kind"]),
        (ImportField.Bid, ["bid", "bid_price"]),
        (ImportField.Ask, ["ask", "ask_price"]),
        (ImportField.BidSize, ["bid_size"]),
        (ImportField.AskSize, ["ask_size"]),
        (ImportField.Price, ["price"]),
        (ImportField.Size, ["size"]),
        (ImportField.Exchange, ["exchange"]),
        (ImportField.BidExchange, ["bid_exchange"]),
        (ImportField.AskExchange, ["ask_exchange"]),
        (ImportField.Sequence, ["sequence", "sequence_number"]),
        (ImportField.TradeId, ["trade_id"]),
        (ImportField.Conditions, ["conditions"]),
        (ImportField.Indicators, ["indicators"]),
        (ImportField.Tape, ["tape"]),
        (ImportField.ParticipantTime, ["participant_time", "participant_ms", "participant_timestamp"]),
        (ImportField.TrfId, ["trf_id"]),
        (ImportField.TrfTime, ["trf_time", "trf_ms", "trf_timestamp"]),
        (ImportField.VendorReceivedTime, ["vendor_received_time", "vendor_received_ms"]),
        (ImportField.ReceivedTime, ["received_time", "received_ms"]),
        (ImportField.ReceivedAfterMs, ["received_after_ms"]),
        (ImportField.Flags, ["flags"]),
        (ImportField.ExactText, ["exact_text"]),
    ];

    /// <summary>The names of all fields in <c>--map</c>, separated by commas.</summary>
    public static string Names => string.Join(", ", All.Select(entry => entry.Names[0]));

    public static string NameOf(ImportField field) => All[(int)field].Names[0];

    /// <summary>The column names that are recognized as a field, in order of preference.</summary>
    public static IReadOnlyList<string> ColumnsOf(ImportField field) => All[(int)field].Names;

    public static bool TryParse(string name, out ImportField field)
    {
        var index = Array.FindIndex(All, entry => entry.Names[0] == name);
        field = (ImportField)Math.Max(index, 0);
        return index >= 0;
    }
}
