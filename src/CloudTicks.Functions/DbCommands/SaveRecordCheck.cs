using CloudTicks.Ticks;
using CloudTicks.Ticks.Checks;

namespace CloudTicks.Functions.DbCommands;

/// <summary>Checks records with the collector's rules for ticks. One invalid record fails the whole command.</summary>
internal static class SaveRecordCheck
{
    private const TickFields QuoteFields = TickFields.Bid | TickFields.Ask | TickFields.BidSize | TickFields.AskSize;
    private const TickFields TradeFields = TickFields.Price | TickFields.Size;

    private static readonly TickFields[] All =
        [TickFields.Bid, TickFields.Ask, TickFields.BidSize, TickFields.AskSize, TickFields.Price, TickFields.Size];

    public static void Check(SaveCommand command, TickCheck check, long receivedMs, RequestProblems problems)
    {
        for (var index = 0; index < command.Records.Count; index++)
        {
            var record = command.Records[index];
            var foreignFields = record.Fields & (command.Kind == TickKind.Quote ? TradeFields : QuoteFields);
            if (foreignFields != TickFields.None)
            {
                var name = SaveRecordReader.NameOf(Array.Find(All, field => (foreignFields & field) != 0));
                problems.Add(
                    RequestProblems.Record(index, name),
                    $"A {(command.Kind == TickKind.Quote ? "quote" : "trade")} does not have this field.");
            }
            else if (record.IsFaulty)
            {
                continue;
            }
            else if (command.Kind == TickKind.Quote && (record.Fields & (TickFields.Bid | TickFields.Ask)) == 0)
            {
                problems.Add(RequestProblems.Record(index), "It has neither bid nor ask.");
            }
            else
            {
                var tick = record.ToTick(command.Symbol, command.Kind, receivedMs);
                Report(check.Check(ref tick), record, index, problems);
            }
        }
    }

    private static void Report(TickRejection rejection, in SaveRecord record, int index, RequestProblems problems)
    {
        switch (rejection)
        {
            case TickRejection.None:
                break;
            case TickRejection.BadTimestamp:
                problems.Add(RequestProblems.Record(index, "timestamp"), "It is before 1990 or after 2099.");
                break;
            case TickRejection.NoPrice:
                problems.Add(RequestProblems.Record(index), "It has no price.");
                break;
            case TickRejection.Crossed:
                problems.Add(
                    RequestProblems.Record(index, "ask"),
                    "It is below the bid, and DbCommand:RefuseCrossedCurrencies refuses such quotes of currencies and metals.");
                break;
            default:
                problems.Add(RequestProblems.Record(index), $"It is refused: {rejection.Name()}.");
                break;
        }
    }
}
