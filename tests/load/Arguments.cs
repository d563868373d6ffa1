using System.Globalization;
using System.Numerics;

namespace CrmServerless.Load;

/// <summary>What the user can put right; its message is all that he sees.</summary>
internal sealed class UsageException(string message) : Exception(message);

/// <summary>`--name value` pairs. A name that no sub-command asked for is an error, so that a slip is not a silent default.</summary>
internal sealed class Arguments
{
    private readonly Dictionary<string, string> _given = new(StringComparer.Ordinal);

    public Arguments(string[] args)
    {
        for (var i = 1; i < args.Length; i += 2)
        {
            if (!args[i].StartsWith("--", StringComparison.Ordinal) || i + 1 == args.Length)
                throw new UsageException($"'{args[i]}' is not understood: options are written --name value.");
            _given[args[i][2..]] = args[i + 1];
        }
    }

    public string Text(string name, string? fallback = null) =>
        _given.Remove(name, out var value) ? value
        : fallback ?? throw new UsageException($"--{name} is missing.");

    public T Number<T>(string name, T fallback) where T : struct, INumber<T> => Number<T>(name) ?? fallback;

    public T? Number<T>(string name) where T : struct, INumber<T> =>
        !_given.Remove(name, out var value) ? null
        : T.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number > T.Zero ? number
        : throw new UsageException($"--{name} {value}: a number above 0 is expected.");

    public void NothingElse()
    {
        if (_given.Count > 0)
            throw new UsageException($"Unknown option --{_given.Keys.First()}.");
    }
}
