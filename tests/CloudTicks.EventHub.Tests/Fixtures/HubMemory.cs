using System.Globalization;
using CloudTicks.TestServices;

namespace CloudTicks.EventHub.Tests.Fixtures;

/// <summary>The memory of a hub's process.</summary>
internal static class HubMemory
{
    /// <summary>The most that it ever held; 0 where the system does not tell.</summary>
    public static long MostMegabytes(EventHubProcess hub) => Read(hub, "VmHWM:");

    /// <summary>What it holds now; 0 where the system does not tell.</summary>
    public static long Megabytes(EventHubProcess hub) => Read(hub, "VmRSS:");

    private static long Read(EventHubProcess hub, string line)
    {
        foreach (var process in OperatingSystem.IsLinux() ? Directory.GetDirectories("/proc").Where(p => char.IsAsciiDigit(p[^1])) : [])
        {
            try
            {
                if (File.ReadAllText(Path.Combine(process, "cmdline")).Contains(hub.DataFolder, StringComparison.Ordinal))
                {
                    var value = File.ReadLines(Path.Combine(process, "status")).Single(l => l.StartsWith(line, StringComparison.Ordinal));
                    return long.Parse(value.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Another process, gone in this moment.
            }
        }

        return 0;
    }
}
