namespace CloudTicks.EventHub.Settings;

/// <summary>Validates the section of users before the framework binds it: the framework's errors quote the value, which may be a
/// password.</summary>
internal static class UserSection
{
    private const string Hint =
        "write EventHub__Users__0__Name and EventHub__Users__0__Password, or name a file of users with EventHub__UsersFile.";

    /// <exception cref="HubStartException">The section is not a list of names and passwords. The message quotes no value.</exception>
    public static void Check(IConfiguration configuration)
    {
        var section = configuration.GetSection($"{EventHubOptions.Section}:{nameof(EventHubOptions.Users)}");
        if (!string.IsNullOrEmpty(section.Value))
        {
            throw new HubStartException($"{section.Path} is a string; users are a list: {Hint}");
        }

        foreach (var user in section.GetChildren())
        {
            if (user.Value is not null
                || user.GetChildren().FirstOrDefault(field => field.Value is null || !IsField(field.Key)) is not null)
            {
                throw new HubStartException($"{user.Path} may have only a Name and a Password: {Hint}");
            }
        }
    }

    private static bool IsField(string key) =>
        key.Equals(nameof(UserOptions.Name), StringComparison.OrdinalIgnoreCase)
        || key.Equals(nameof(UserOptions.Password), StringComparison.OrdinalIgnoreCase);
}
