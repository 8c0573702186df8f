namespace CloudTicks.EventHub.Settings;

/// <summary>Checks the users' section before the framework binds it: its errors repeat the value, perhaps a password.</summary>
internal static class UserSection
{
    private const string Form =
        "write EventHub__Users__0__Name and EventHub__Users__0__Password, or name a file of users with EventHub__UsersFile.";

    /// <exception cref="HubStartException">It is no list of names and passwords; the sentence holds no value.</exception>
    public static void Check(IConfiguration configuration)
    {
        var section = configuration.GetSection($"{EventHubOptions.Section}:{nameof(EventHubOptions.Users)}");
        if (!string.IsNullOrEmpty(section.Value))
        {
            throw new HubStartException($"{section.Path} is one text, and users are a list: {Form}");
        }

        foreach (var user in section.GetChildren())
        {
            if (user.Value is not null
                || user.GetChildren().FirstOrDefault(field => field.Value is null || !IsField(field.Key)) is not null)
            {
                throw new HubStartException($"{user.Path} has something else than a Name and a Password: {Form}");
            }
        }
    }

    private static bool IsField(string key) =>
        key.Equals(nameof(UserOptions.Name), StringComparison.OrdinalIgnoreCase)
        || key.Equals(nameof(UserOptions.Password), StringComparison.OrdinalIgnoreCase);
}
