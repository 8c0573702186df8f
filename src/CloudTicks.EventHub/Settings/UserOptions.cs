namespace CloudTicks.EventHub.Settings;

/// <summary>Who may log in: <c>EventHub__Users__0__Name</c> and <c>EventHub__Users__0__Password</c>.</summary>
internal sealed record UserOptions
{
    /// <summary>The user, for Event Hubs' own form the SharedAccessKeyName.</summary>
    public string Name { get; init; } = "";

    /// <summary>The password, for Event Hubs' own form the SharedAccessKey.</summary>
    public string Password { get; init; } = "";

    /// <summary>The name, and never the password.</summary>
    public override string ToString() => Name;
}
