namespace CloudTicks.EventHub.Settings;

/// <summary>A user that may log in: <c>EventHub__Users__0__Name</c> and <c>EventHub__Users__0__Password</c>.</summary>
internal sealed record UserOptions
{
    /// <summary>The user name; for clients of Event Hubs the SharedAccessKeyName.</summary>
    public string Name { get; init; } = "";

    /// <summary>The password; for clients of Event Hubs the SharedAccessKey.</summary>
    public string Password { get; init; } = "";

    /// <summary>The name without the password.</summary>
    public override string ToString() => Name;
}
