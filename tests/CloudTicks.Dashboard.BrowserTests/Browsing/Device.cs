namespace CloudTicks.Dashboard.BrowserTests.Browsing;

/// <summary>The device that displays a page.</summary>
internal sealed record Device(string Name, int Width, int Height, float Scale, bool IsDark)
{
    public static Device Desktop { get; } = new("desk", 1280, 800, 1, IsDark: false);

    public static Device Phone { get; } = new("phone", 390, 844, 2, IsDark: false);

    public bool IsPhone => Width < 600;

    public override string ToString() => $"{Name}-{(IsDark ? "dark" : "light")}";
}
