using System.Runtime.InteropServices;

namespace CloudTicks.EventStream.Membership;

/// <summary>Timestamps that go on while the machine sleeps, which those of <see cref="TimeProvider.System"/> do not on Linux.</summary>
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
            "The clock of the time since the machine was started cannot be read.");

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int ReadClock(int clock, out Time now);

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Time
    {
        public readonly nint Seconds;
        public readonly nint Nanoseconds;
    }
}
