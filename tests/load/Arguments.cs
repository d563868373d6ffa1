using System.Globalization;
using System.Numerics;

namespace CrmServerless.Load;

/// <summary>What the user can put right; its message is all that he sees.</summary>
internal sealed class UsageException(string message) : Exception(message);

/// <summary>`--name value` pairs and `--name` flags. A name that no sub-command asked for is an error, so that a slip is not a silent default.</summary>
internal sealed class Arguments
{
    private const string Set = "";

    private readonly Dictionary<string, string> _given = new(StringComparer.Ordinal);

    public Arguments(string[] args)
    {
        for (var i = 1; i < args.Length; i++)
        {
            if (!IsName(args[i]))
                throw new UsageException($"'{args[i]}' is not understood: options are written --name value.");
            _given[args[i][2..]] = i + 1 < args.Length && !IsName(args[i + 1]) ? args[++i] : Set;
        }
    }

    public string Text(string name, string? fallback = null) =>
        Optional(name) ?? fallback ?? throw new UsageException($"--{name} is missing.");

    public string? Optional(string name) =>
        !_given.Remove(name, out var value) ? null
        : value != Set ? value : throw new UsageException($"--{name} needs a value.");

    public bool Flag(string name) =>
        _given.Remove(name, out var value) && (value == Set ? true : throw new UsageException($"--{name} takes no value."));

    public T Number<T>(string name, T fallback) where T : struct, INumber<T> => Number<T>(name) ?? fallback;

    public T? Number<T>(string name) where T : struct, INumber<T> =>
        !_given.Remove(name, out var value) ? null
        : T.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number > T.Zero ? number
        : throw new UsageException($"--{name} {value}: a number above 0 is expected.");

    /// <summary>Like <see cref="Number{T}(string, T)"/>, but 0 is a number too.</summary>
    public T FromZero<T>(string name, T fallback) where T : struct, INumber<T> =>
        _given.GetValueOrDefault(name) is "0" && _given.Remove(name) ? T.Zero : Number(name, fallback);

    public void NothingElse()
    {
        if (_given.Count > 0)
            throw new UsageException($"Unknown option --{_given.Keys.First()}.");
    }

    private static bool IsName(string text) => text.StartsWith("--", StringComparison.Ordinal);
}
