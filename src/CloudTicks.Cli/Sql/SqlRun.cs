using System.Diagnostics.CodeAnalysis;
using CloudTicks.Cli.Decoding;
using CloudTicks.Cli.Places;
using CloudTicks.EventStream;
using CloudTicks.Lake;
using CloudTicks.Lake.Native;
using CloudTicks.Lake.Sql;
using CloudTicks.LocalServices.Installation;
using Microsoft.Extensions.Hosting;

namespace CloudTicks.Cli.Sql;

/// <summary>Opens the lake, adds the newer ticks of the archive, and runs queries.</summary>
internal sealed class SqlRun(SqlSettings settings, TargetSystem target, TextWriter errors, TimeProvider time)
{
    /// <summary>The maximum time to read newer ticks: an unavailable event hub must not delay a query for long.</summary>
    private static readonly TimeSpan TailTimeout = TimeSpan.FromSeconds(30);

    private bool _hasWritten;

    /// <summary>Runs the query, or the prompt.</summary>
    public async Task<int> RunAsync()
    {
        using var interruption = new Interruption();
        var stop = interruption.Token;
        var temporaryFolder = Path.Combine(Path.GetTempPath(), $"cloudticks-sql-{Environment.ProcessId}");
        try
        {
            await DuckDbLibraries.UseAsync(errors, stop);
            using var session = await OpenAsync(temporaryFolder, stop);
            if (settings.Query is { } query)
            {
                return Run(session, query, stop);
            }

            interruption.Dispose(); // the prompt handles Ctrl-C itself
            return new SqlPrompt(session, errors).Run(typed => Run(session, typed, CancellationToken.None));
        }
        catch (Exception problem) when (problem is FormatException or DllNotFoundException or LocalServicesUnavailableException)
        {
            await errors.WriteLineAsync(problem.Message);
            return ExitCodes.Usage;
        }
        catch (Exception problem) when (problem is LakeException or IOException or UnauthorizedAccessException or DuckDbException)
        {
            await errors.WriteLineAsync(problem.Message);
            return ExitCodes.Incomplete;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return ExitCodes.Interrupted;
        }
        finally
        {
            if (Directory.Exists(temporaryFolder))
            {
                Directory.Delete(temporaryFolder, recursive: true);
            }
        }
    }

    private async Task<LakeSession> OpenAsync(string temporaryFolder, CancellationToken cancellationToken)
    {
        var folder = LakeLocation.FindAddress(settings.Lake) ?? LakeLocation.Find(settings.Lake, target);
        var session = await LakeSession.OpenAsync(
            new LakeSqlOptions
            {
                Store = folder is null ? null : LakeStores.Open(
                    folder, cacheFolder: null, LakeStores.DefaultCacheBytes, Environment.GetEnvironmentVariable, time),
                MemoryBytes = settings.MemoryBytes,
                TemporaryFolder = temporaryFolder,
                OutputFile = settings.IsParquet ? PartialName : null,
            },
            cancellationToken);
        try
        {
            foreach (var note in session.Notes)
            {
                await errors.WriteLineAsync(note);
            }

            if (!settings.LakeOnly)
            {
                await AddNewerTicksAsync(session, folder, cancellationToken);
            }

            session.Seal();
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    private async Task AddNewerTicksAsync(LakeSession session, string? folder, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(TailTimeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        string reason;
        try
        {
            var tail = new ArchiveTail(new Servers(target).EventStream(), time);
            await tail.ReadAsync(session, linked.Token);
            if (tail.Damaged > 0)
            {
                await errors.WriteLineAsync($"Skipped: {Counted.Of(tail.Damaged, "record")} of the archive that could not be read.");
            }

            return;
        }
        catch (EventStreamException exception)
        {
            reason = exception.Message.TrimEnd('.');
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            reason = $"reading newer ticks took longer than {TailTimeout.TotalSeconds:0} s";
        }

        await errors.WriteLineAsync(folder is null
            ? $"There is no lake, and reading the archive failed ({reason}): the views are empty or incomplete. Name a lake with "
                + $"{SqlCommand.LakeOption}."
            : $"Ticks newer than the lake are missing or incomplete, because reading the archive failed ({reason}).");
    }

    private int Run(LakeSession session, string query, CancellationToken cancellationToken)
    {
        _hasWritten = false;
        try
        {
            return RunOnce(session, query, cancellationToken);
        }
        catch (DuckDbException damage) when (LakeSession.IsDamage(damage))
        {
            var notes = session.ExcludeDamaged(cancellationToken);
            if (notes.Count == 0)
            {
                errors.WriteLine(Message(damage));
                return ExitCodes.Incomplete;
            }

            foreach (var note in notes)
            {
                errors.WriteLine(note);
            }

            errors.WriteLine("'cloudticks lake repair' rewrites the damaged parts from the archive.");
            if (!_hasWritten)
            {
                return RunOnce(session, query, cancellationToken);
            }

            errors.WriteLine("The output ends where the damage was found. Repair the lake, or let the query write a file (--output).");
            return ExitCodes.Incomplete;
        }
    }

    /// <exception cref="DuckDbException">A file of the lake has a damaged page.</exception>
    private int RunOnce(LakeSession session, string query, CancellationToken cancellationToken)
    {
        try
        {
            if (settings.IsParquet)
            {
                var rows = session.WriteParquet(query, settings.Parameters, cancellationToken);
                File.Move(PartialName, settings.Output!, overwrite: true);
                errors.WriteLine($"{Counted.Of(rows, "row")} in {settings.Output}");
                return ExitCodes.Done;
            }

            using var output = OpenOutput();
            Write(session, query, output, cancellationToken);
            return ExitCodes.Done;
        }
        catch (IOException failure) when (StandardOutput.IsPipeClosed(failure))
        {
            return ExitCodes.Done;
        }
        catch (LakeQueryException refused)
        {
            errors.WriteLine(refused.Message);
            return ExitCodes.Usage;
        }
        catch (DuckDbException failed) when (!LakeSession.IsDamage(failed))
        {
            errors.WriteLine(Message(failed));
            return ExitCodes.Incomplete;
        }
        finally
        {
            if (settings.Output is not null)
            {
                File.Delete(PartialName);
            }
        }
    }

    private void Write(LakeSession session, string query, Stream output, CancellationToken cancellationToken)
    {
        IRowFormat format = settings.Format switch
        {
            "csv" => new CsvRows(output),
            "ndjson" => new JsonRows(output),
            _ => new TableRows(output),
        };
        using (var rows = session.Query(query, settings.Parameters, format.IsJson, cancellationToken))
        {
            // Read the first rows before the header is written: if the query fails at once, nothing is written.
            var hasRows = rows.TryRead(out var chunk);
            _hasWritten = settings.Output is null;
            format.Begin(rows.Columns);
            for (; hasRows; hasRows = rows.TryRead(out chunk))
            {
                format.Write(chunk!);
            }
        }

        format.End();
        if (settings.Output is { } file)
        {
            output.Dispose();
            File.Move(PartialName, file, overwrite: true);
        }
    }

    [SuppressMessage("Reliability", "CA2000", Justification = "BufferedStream disposes its underlying stream.")]
    private BufferedStream OpenOutput() => new(
        settings.Output is null ? StandardOutput.Open() : new FileStream(PartialName, FileMode.Create, FileAccess.Write), 1 << 16);

    private string PartialName => $"{settings.Output}.partial";

    private static string Message(DuckDbException failed) => failed.Kind switch
    {
        DuckDbErrorKind.OutOfMemory => $"{failed.Message} Raise --memory, or group and sort less.",
        DuckDbErrorKind.NotPermitted => $"{failed.Message}\nA query can read the lake's files, but cannot write files.",
        _ => failed.Message,
    };
}
