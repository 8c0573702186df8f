using System.Globalization;
using CloudTicks.TestServices;

namespace CloudTicks.EventHub.Tests.Fixtures;

/// <summary>The memory of an event hub process.</summary>
internal static class HubMemory
{
    /// <summary>The peak in megabytes; 0 on systems that do not report it.</summary>
    public static long PeakMegabytes(EventHubProcess hub) => Read(hub, "VmHWM:");

    /// <summary>The current value in megabytes; 0 on systems that do not report it.</summary>
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
                // This is another process, which has ended.
            }
        }

        return 0;
    }
}
