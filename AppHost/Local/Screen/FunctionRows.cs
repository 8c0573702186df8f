namespace CloudTicks.AppHost.Local.Screen;

/// <summary>Rows of the table that are no process of their own.</summary>
internal static class FunctionRows
{
    public const string StoreTicks = "StoreTicks";
    public const string PublishTicks = "PublishTicks";
}
