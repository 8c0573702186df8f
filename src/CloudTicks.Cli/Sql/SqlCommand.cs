using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using CloudTicks.Cli.Places;

namespace CloudTicks.Cli.Sql;

/// <summary><c>cloudticks sql</c>: runs SQL queries over the lake and the newer ticks of the archive.</summary>
internal static class SqlCommand
{
    public const string LakeOption = "--lake";

    private const string Description = $$"""
        Query all history with DuckDB's SQL: the lake's files, and the archive for newer ticks.

        Views: ticks, quotes and trades have the columns of market_ticks, 'time' (UTC), and exact prices (bid_exact, ...); gaps has
        the gap states in the archive that are newer than the lake. docs/lake.md lists the columns and the added functions: vwap, twap,
        spread, trades_with_quotes, bars_by_time, bars_by_ticks, bars_by_volume, realised_variance, in_us_session and others.
        A query can only read, and only the lake's files. Without a query, the command opens a prompt on a terminal.
        The lake is that of --lake, else of Lake__Folder, else of the AppHost. If the event hub does not answer, standard error says that
        newer ticks are missing. libduckdb is downloaded on first use (24 MB).
        {{TargetSystem.Rule}}
        Exit code: 0 done, also when the reader of the output closed the pipe; 1 the query or a file failed; 2 wrong usage, or a query that
        would write; 130 stopped.

        Examples:
          cloudticks sql "SELECT symbol, count(*) FROM ticks GROUP BY ALL ORDER BY 2 DESC"
          cloudticks sql "FROM bars_by_time($s, '2026-11-20', '2026-11-21', '5 minutes')" --param s=AAPL --format csv
          cloudticks sql --file spreads.sql --format parquet --output spreads.parquet
        """;

    private static readonly Argument<string?> Query = new("query")
    {
        Description = "The query; '-' reads it from standard input",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<FileInfo?> QueryFile = new("--file", "-f") { Description = "A file with the query", HelpName = "file" };

    private static readonly Option<string> Format = new("--format")
    {
        Description = "table, csv, ndjson, or parquet (only with --output)",
        HelpName = "table|csv|ndjson|parquet",
        DefaultValueFactory = _ => "table",
        CustomParser = ParseFormat,
    };

    private static readonly Option<FileInfo?> Output =
        new("--output", "-o") { Description = "The file [default: standard output]", HelpName = "file" };

    private static readonly Option<string[]> Parameters = new("--param")
    {
        Description = "The value of the query's parameter $name; a number if it looks like one, otherwise text",
        HelpName = "name=value",
        Arity = ArgumentArity.OneOrMore,
    };

    private static readonly Option<string?> Lake = new(LakeOption)
    {
        Description = "The folder of the lake, or its address (s3://bucket/prefix)",
        HelpName = "folder",
    };

    private static readonly Option<long> Memory = MemoryOption.Create("Memory limit of a query", 1L << 30);

    private static readonly Option<bool> LakeOnly = new("--lake-only") { Description = "Omit ticks newer than the lake" };

    public static Command Create()
    {
        var command = new Command("sql", Description)
        {
            Query, QueryFile, Format, Output, Parameters, Memory, Lake, LakeOnly, TargetSystem.Data,
        };
        command.Validators.Add(Check);
        command.SetAction(async (result, _) =>
        {
            string? query;
            try
            {
                query = await ReadQueryAsync(result);
            }
            catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
            {
                await Console.Error.WriteLineAsync(problem.Message);
                return ExitCodes.Usage;
            }

            if (query is null && (Console.IsInputRedirected || Console.IsOutputRedirected))
            {
                await Console.Error.WriteLineAsync("There is no query, and no terminal for a prompt: pass a query or --file. See --help.");
                return ExitCodes.Usage;
            }

            var settings = new SqlSettings(
                query, Values(result.GetValue(Parameters) ?? []), result.GetValue(Format)!, result.GetValue(Output)?.FullName,
                result.GetValue(Lake), result.GetValue(Memory), result.GetValue(LakeOnly));
            return await new SqlRun(settings, TargetSystem.Of(result, isChange: false), Console.Error, TimeProvider.System).RunAsync();
        });
        return command;
    }

    private static async Task<string?> ReadQueryAsync(ParseResult result) => result.GetValue(QueryFile) is { } file
        ? await File.ReadAllTextAsync(file.FullName)
        : result.GetValue(Query) is not "-" and var query ? query : await Console.In.ReadToEndAsync();

    private static void Check(CommandResult result)
    {
        if (result.GetResult(QueryFile) is not null && result.GetResult(Query) is { Tokens.Count: > 0 })
        {
            result.AddError("There are two queries: use either the argument or --file.");
        }

        if (result.GetResult(Format) is { Tokens: [{ Value: "parquet" }] } && result.GetResult(Output) is null)
        {
            result.AddError("--format parquet needs --output: a Parquet file cannot be written to a pipe.");
        }

        foreach (var token in result.GetResult(Parameters)?.Tokens ?? [])
        {
            if (token.Value.IndexOf('=', StringComparison.Ordinal) < 1)
            {
                result.AddError($"--param: '{token.Value}' is not name=value.");
            }
        }
    }

    private static string? ParseFormat(ArgumentResult result)
    {
        var name = result.Tokens[0].Value;
        switch (name)
        {
            case "table" or "csv" or "ndjson" or "parquet":
                return name;
            case "arrow":
                result.AddError("--format arrow is not supported: libduckdb writes no Arrow files. Use parquet, which Arrow reads.");
                return null;
            default:
                result.AddError($"--format: '{name}' is not table, csv, ndjson or parquet.");
                return null;
        }
    }

    private static Dictionary<string, object?> Values(IEnumerable<string> pairs)
    {
        var values = new Dictionary<string, object?>();
        foreach (var pair in pairs)
        {
            var (name, text) = (pair[..pair.IndexOf('=', StringComparison.Ordinal)], pair[(pair.IndexOf('=',
                StringComparison.Ordinal) + 1)..]);
            values[name] = long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? whole
                : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var real) && double.IsFinite(real) ? real
                : text;
        }

        return values;
    }
}
