using System.Runtime.InteropServices;

namespace CloudTicks.EventStream.Membership;

/// <summary>A clock that continues while the machine sleeps; on Linux, <see cref="TimeProvider.System"/> stops during sleep.</summary>
internal sealed partial class BootTime : TimeProvider
{
    private const int ClockBootTime = 7;
    private const long NanosecondsPerSecond = 1_000_000_000;

    public static TimeProvider Instance { get; } = OperatingSystem.IsLinux() ? new BootTime() : System;

    public override long TimestampFrequency => NanosecondsPerSecond;

    public override long GetTimestamp() =>
        ReadClock(ClockBootTime, out var now) == 0
            ? ((long)now.Seconds * NanosecondsPerSecond) + now.Nanoseconds
            : throw new InvalidOperationException(
            "Cannot read the system clock CLOCK_BOOTTIME.");

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int ReadClock(int clock, out Time now);

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Time
    {
        public readonly nint Seconds;
        public readonly nint Nanoseconds;
    }
}
