using System.Globalization;

namespace CloudTicks.LocalServices.Postgres;

/// <summary>
/// <c>postmaster.pid</c>, with which PostgreSQL prevents a second server on a data folder. After kill -9 the file remains. When its process
/// id then belongs to an unrelated process (in a container it soon does), or to a zombie, PostgreSQL would refuse to start. Removing
/// the file is safe, because PostgreSQL also checks its shared memory for remaining processes of the old server.
/// </summary>
internal static class PostmasterFile
{
    /// <summary>The time for a server to exit after it was killed together with the program that started it.</summary>
    private static readonly TimeSpan ExitGrace = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    /// <summary>Removes the file when no server is using the folder.</summary>
    /// <exception cref="InvalidOperationException">A server is using the folder.</exception>
    public static async Task RemoveStaleAsync(string dataFolder, TimeProvider time, CancellationToken cancellationToken)
    {
        var pidFile = Path.Combine(dataFolder, "postmaster.pid");
        if (!Directory.Exists("/proc/self") || !File.Exists(pidFile)
            || !int.TryParse(File.ReadLines(pidFile).FirstOrDefault(), CultureInfo.InvariantCulture, out var pid))
        {
            return;
        }

        for (var began = time.GetTimestamp(); IsServerRunning(pid, dataFolder);)
        {
            if (time.GetElapsedTime(began) < ExitGrace)
            {
                await Task.Delay(PollInterval, time, cancellationToken);
                continue;
            }

            throw new InvalidOperationException(
                $"PostgreSQL is already running in {dataFolder} (process {pid}): stop it, or choose another data folder.");
        }

        File.Delete(pidFile);
    }

    private static bool IsServerRunning(int pid, string dataFolder)
    {
        try
        {
            // Example: 123 (postgres) S ...
            var status = File.ReadAllText($"/proc/{pid}/stat");
            var state = status[(status.LastIndexOf(')') + 2)..][0];
            return status.Contains("(postgres)", StringComparison.Ordinal)
                && state is not ('Z' or 'X')
                && Directory.ResolveLinkTarget($"/proc/{pid}/cwd", returnFinalTarget: false)?.FullName == dataFolder;
        }
        catch (IOException)
        {
            return false; // the process has ended
        }
        catch (UnauthorizedAccessException)
        {
            return true; // another user's PostgreSQL
        }
    }
}
