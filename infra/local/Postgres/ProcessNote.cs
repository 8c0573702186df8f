using System.Globalization;

namespace CloudTicks.LocalServices.Postgres;

/// <summary>
/// <c>postmaster.pid</c>, by which PostgreSQL keeps a second server off a data folder. After a kill -9 it stays behind, and when
/// its process number belongs to a stranger by then (in a container it soon does), or to a process that has ended but was not
/// yet waited for, PostgreSQL would refuse to start. Its own check of shared memory still finds what is left of a server.
/// </summary>
internal static class ProcessNote
{
    /// <summary>A server that was killed a moment ago, with the program that started it, takes a while to be gone.</summary>
    private static readonly TimeSpan DyingGrace = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    /// <summary>Removes the note when no server runs on the folder.</summary>
    /// <exception cref="InvalidOperationException">One does.</exception>
    public static async Task RemoveStaleAsync(string dataFolder, TimeProvider time, CancellationToken cancellationToken)
    {
        var note = Path.Combine(dataFolder, "postmaster.pid");
        if (!Directory.Exists("/proc/self") || !File.Exists(note)
            || !int.TryParse(File.ReadLines(note).FirstOrDefault(), CultureInfo.InvariantCulture, out var pid))
        {
            return;
        }

        for (var began = time.GetTimestamp(); RunsOn(pid, dataFolder);)
        {
            if (time.GetElapsedTime(began) < DyingGrace)
            {
                await Task.Delay(Poll, time, cancellationToken);
                continue;
            }

            throw new InvalidOperationException(
                $"PostgreSQL already runs on {dataFolder} (process {pid}): end it, or choose another data folder.");
        }

        File.Delete(note);
    }

    private static bool RunsOn(int pid, string dataFolder)
    {
        try
        {
            // 123 (postgres) S ...
            var status = File.ReadAllText($"/proc/{pid}/stat");
            var state = status[(status.LastIndexOf(')') + 2)..][0];
            return status.Contains("(postgres)", StringComparison.Ordinal)
                && state is not ('Z' or 'X')
                && Directory.ResolveLinkTarget($"/proc/{pid}/cwd", returnFinalTarget: false)?.FullName == dataFolder;
        }
        catch (IOException)
        {
            return false; // it ended meanwhile
        }
        catch (UnauthorizedAccessException)
        {
            return true; // another user's PostgreSQL: let it be
        }
    }
}
