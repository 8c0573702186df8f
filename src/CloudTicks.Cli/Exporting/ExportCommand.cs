using System.CommandLine;
using CloudTicks.Cli.Places;
using CloudTicks.Cli.Replaying;

namespace CloudTicks.Cli.Exporting;

/// <summary><c>cloudticks export</c>: writes ticks of the archive to files in common formats, in order of their time.</summary>
internal static class ExportCommand
{
    private const string Description = """
        Write ticks of the archive as CSV, lines of JSON or Parquet, ordered by time, each tick once.

        Prices and sizes are exact decimals. CSV starts with a header line, and a field that a tick does not have is empty; JSON is the
        same as that of 'decode --all'. Parquet has the columns of the lake's files (docs/lake.md), sorted by symbol and time; with several
        kinds or markets it writes one file for each: instead of ticks.parquet, ticks-quote-forex.parquet and so on.
        The name of an incomplete file ends in .partial. Gap records are skipped.
        The event hub is that of ConnectionStrings__eventhubs, else that of the AppHost of --data, of this folder, or of
        another folder (the one started last), else 127.0.0.1:9092. Progress and the summary go to standard error.
        Exit code: 0 done, also when the reader of the output closed the pipe; 1 failed, or records could not be read, standard error says
        which; 2 wrong usage or setting; 130 stopped.

        Examples:
          cloudticks export --format csv --from 2025-01-27 --to 2025-01-28 --symbols EURUSD XAUUSD --output majors.csv
          cloudticks export --format ndjson --symbols 'BTC-*' | gzip > crypto.ndjson.gz
          cloudticks export --format csv --symbols AAPL | head
          cloudticks export --format parquet --symbols EURUSD --output eurusd.parquet
        """;

    private const string Parquet = "parquet";

    private static readonly TickSelectionOptions Ticks = new();

    private static readonly Option<string> Format = new Option<string>("--format")
    {
        Description = "csv, ndjson, or parquet (only with --output)",
        HelpName = "csv|ndjson|parquet",
        Required = true,
    }.AcceptOnlyFromAmong("csv", "ndjson", Parquet);

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
        command.Validators.Add(line =>
        {
            if (line.GetResult(Format) is { Tokens: [{ Value: Parquet }] } && line.GetResult(Output) is null)
            {
                line.AddError("--format parquet needs --output: a Parquet file cannot be written to a pipe.");
            }
        });
        command.SetAction((result, _) => ReplaySession.RunAsync(
            new Servers(TargetSystem.Of(result, isChange: false)),
            () => Target(result.GetValue(Format)!, result.GetValue(Output)),
            Ticks.Capture(result),
            _ => Task.FromResult(Ticks.Selection(result)),
            Ticks.SortingOptions(result),
            double.PositiveInfinity,
            result.GetValue(Json),
            Console.Error,
            TimeProvider.System));
        return command;
    }
    private static IReplayTarget Target(string format, FileInfo? file) => format switch
    {
        Parquet => new ParquetTarget(file!, Console.Error),
        "csv" => new FileTarget(new CsvFormat(), file),
        _ => new FileTarget(new NdjsonFormat(), file),
    };
}
