namespace CloudTicks.TestServices;

/// <summary>The environment variable CLOUDTICKS_LONG=1 makes some tests run for minutes instead of seconds.</summary>
public static class LongSuite
{
    public static bool IsOn { get; } = Environment.GetEnvironmentVariable("CLOUDTICKS_LONG") == "1";

    public static int Choose(int usually, int inTheLongSuite) => IsOn ? inTheLongSuite : usually;
}
