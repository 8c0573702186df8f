using System.CommandLine;
using CloudTicks.Cli.Places;
using CloudTicks.Cli.Replaying;

namespace CloudTicks.Cli.Exporting;

/// <summary><c>cloudticks export</c>: ticks of the archive as lines of text, by their time.</summary>
internal static class ExportCommand
{
    private const string Description = """
        Write ticks of the archive as CSV or lines of JSON, ordered by time, each tick once.

        Prices and sizes are exact decimals. CSV has a line of names first, and a field that a tick does not have is empty; JSON is that of
        'decode --all'. A file gets its name when it is complete; until then it ends in .partial. Records that tell of gaps are passed over.
        The event hub is that of ConnectionStrings__eventhubs, else of the AppHost of --data, of this folder, or the only one that runs,
        else 127.0.0.1:9092. Progress and the summary go to standard error.
        Exit code: 0 done, also when the reader of the output closed the pipe; 1 failed, or records could not be read, standard error says
        which; 2 wrong usage or setting; 130 stopped.

        Examples:
          cloudticks export --format csv --from 2025-01-27 --to 2025-01-28 --symbols EURUSD XAUUSD --output majors.csv
          cloudticks export --format ndjson --symbols 'BTC-*' | gzip > crypto.ndjson.gz
          cloudticks export --format csv --symbols AAPL | head
        """;

    private static readonly TickSelectionOptions Ticks = new();

    private static readonly Option<string> Format = new Option<string>("--format")
    {
        Description = "csv or ndjson",
        HelpName = "csv|ndjson",
        Required = true,
    }.AcceptOnlyFromAmong("csv", "ndjson");

    private static readonly Option<FileInfo?> Output =
        new("--output", "-o") { Description = "The file [default: standard output]", HelpName = "file" };

    private static readonly Option<bool> Json = new("--json") { Description = "Print the summary, on standard error, as one line of JSON" };

    public static Command Create()
    {
        var command = new Command("export", Description) { Format, Output, Json, TargetSystem.Data };
        foreach (var option in Ticks.Options)
        {
            command.Add(option);
        }

        command.Validators.Add(Ticks.Check);
        command.SetAction((result, _) => ReplaySession.RunAsync(
            new Servers(TargetSystem.Of(result, isChange: false)),
            () => new FileTarget(result.GetValue(Format) == "csv" ? new CsvFormat() : new NdjsonFormat(), result.GetValue(Output)),
            Ticks.Capture(result),
            _ => Task.FromResult(Ticks.Selection(result)),
            Ticks.Bounds(result),
            double.PositiveInfinity,
            result.GetValue(Json),
            Console.Error,
            TimeProvider.System));
        return command;
    }
}
