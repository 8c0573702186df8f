using System.Globalization;

namespace CloudTicks.LocalServices.Postgres;

/// <summary>
/// <c>postmaster.pid</c>, by which PostgreSQL keeps a second server off a data folder. After a kill -9 it stays behind, and when
/// its process number belongs to a stranger by then (in a container it soon does), or to a process that has ended but was not
/// yet waited for, PostgreSQL would refuse to start. Its own check of shared memory still finds what is left of a server.
/// </summary>
internal static class ProcessNote
{
    /// <summary>Removes the note when no server runs on the folder.</summary>
    /// <exception cref="InvalidOperationException">One does.</exception>
    public static void RemoveStale(string dataFolder)
    {
        var note = Path.Combine(dataFolder, "postmaster.pid");
        if (!Directory.Exists("/proc/self") || !File.Exists(note)
            || !int.TryParse(File.ReadLines(note).FirstOrDefault(), CultureInfo.InvariantCulture, out var pid))
        {
            return;
        }

        if (RunsOn(pid, dataFolder))
        {
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
