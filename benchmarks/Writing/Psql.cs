using System.Globalization;
using CloudTicks.Benchmarks.Comparing.Rounds;
using CloudTicks.LocalServices.Processes;
using Npgsql;

namespace CloudTicks.Benchmarks.Writing;

/// <summary>Runs PostgreSQL's own client, psql, with binary files of rows. psql measures the time, so its start is excluded.</summary>
internal sealed class Psql(
    string program, string passwordFile, string connectionString, string folder, Func<CancellationToken, Task> emptyTable)
{
    private const string Columns =
        "symbol, timestamp_ms, market, kind, source, bid, ask, bid_size, ask_size, price, size, exchange, conditions, sequence, trade_id, "
            +
        "tick_hash, received_ms";

    private const string TimeLine = "Time: ";

    /// <summary>Writes rows into a file.</summary>
    /// <param name="file">The file's name.</param>
    /// <param name="query">The rows, with {0} for the columns.</param>
    /// <param name="cancellationToken">Cancels the export.</param>
    public async Task ExportAsync(string file, string query, CancellationToken cancellationToken) =>
        await RunAsync(
            [$"\\copy ({query.Replace("{0}", Columns, StringComparison.Ordinal)}) TO '{PathOf(file)}' (FORMAT BINARY)"], cancellationToken);

    /// <summary>Copies a file directly into the table.</summary>
    public async Task<Pass> CopyAsync(string file, long ticks, CancellationToken cancellationToken)
    {
        await emptyTable(cancellationToken);
        return new Pass(ticks, await RunAsync([CopyInto("market_ticks", file)], cancellationToken));
    }

    /// <summary>In one transaction, copies a file into a temporary table and inserts the rows that <c>market_ticks</c> lacks.</summary>
    public async Task<Pass> StageAsync(string file, long ticks, CancellationToken cancellationToken)
    {
        await emptyTable(cancellationToken);
        string[] commands =
        [
            "BEGIN",
            "CREATE TEMPORARY TABLE staging (LIKE market_ticks) ON COMMIT DROP",
            CopyInto("staging", file),
            $"INSERT INTO market_ticks ({Columns}) SELECT {Columns} FROM staging ON CONFLICT (timestamp_ms, symbol, tick_hash) DO NOTHING",
            "COMMIT",
        ];
        return new Pass(ticks, await RunAsync(commands, cancellationToken));
    }

    private string CopyInto(string table, string file) => $"\\copy {table} ({Columns}) FROM '{PathOf(file)}' (FORMAT BINARY)";

    private string PathOf(string file) => Path.Combine(folder, file);

    /// <summary>Runs commands in one session.</summary>
    /// <returns>The duration, as measured by psql.</returns>
    private async Task<TimeSpan> RunAsync(IEnumerable<string> commands, CancellationToken cancellationToken)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        var (milliseconds, errors) = (0.0, new List<string>());
        var options = new ChildProcessOptions
        {
            FileName = program,
            Arguments = ["-X", "-v", "ON_ERROR_STOP=1", "-c", "\\timing on", .. commands.SelectMany(command => new[] { "-c", command })],
            Environment = new Dictionary<string, string?>
            {
                ["PGHOST"] = settings.Host,
                ["PGPORT"] = settings.Port.ToString(CultureInfo.InvariantCulture),
                ["PGUSER"] = settings.Username,
                ["PGDATABASE"] = settings.Database,
                ["PGPASSFILE"] = passwordFile,
            },
            OnOutput = line => milliseconds += line.StartsWith(TimeLine, StringComparison.Ordinal)
                ? double.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture)
                : 0,
            OnError = errors.Add,
        };
        var exitCode = await ChildProcess.RunAsync(options, cancellationToken);
        return exitCode == 0 && milliseconds > 0
            ? TimeSpan.FromMilliseconds(milliseconds)
            : throw new BenchmarkException($"psql exited with code {exitCode}: {string.Join(" / ", errors.Take(5))}");
    }
}
