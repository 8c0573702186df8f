namespace CloudTicks.AppHost.Local.Screen;

internal static class FunctionRows
{
    public const string StoreTicks = "StoreTicks";
    public const string PublishTicks = "PublishTicks";
    public const string LakeTicks = "LakeTicks";
}
