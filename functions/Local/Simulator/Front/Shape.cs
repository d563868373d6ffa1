using System.Text.Json;

namespace CrmServerless.Local.Simulator.Front;

/// <summary>
/// The form that an API's documentation gives a JSON value. Stricter than the platform, which overlooks what it does
/// not know: a field that is misspelt would be lost there without a word, and is named here.
/// </summary>
public abstract record Shape
{
    public static Shape Text { get; } = new Scalar("a string", JsonValueKind.String);

    public static Shape Number { get; } = new Scalar("a number", JsonValueKind.Number);

    public static Shape Flag { get; } = new Scalar("true or false", JsonValueKind.True, JsonValueKind.False);

    /// <summary>An object whose form is looked at later, or not at all.</summary>
    public static Shape AnyObject { get; } = new Unseen();

    /// <summary>A list of items of one form.</summary>
    public static Shape ListOf(Shape item) => new Items(item);

    /// <summary>An object whose keys the caller chooses.</summary>
    public static Shape MapOf(Shape value) => new Map(value);

    /// <summary>An object with these members and no others.</summary>
    public static Shape Fields(params Member[] members) => new Members(members.ToDictionary(m => m.Name, StringComparer.Ordinal));

    /// <summary>A member that must be there.</summary>
    /// <param name="name">As the documentation spells it.</param>
    /// <param name="shape">Its form.</param>
    /// <param name="missing">The documented code where it is missing; 0: the platform's general one.</param>
    public static Member Must(string name, Shape shape, int missing = 0) => new(name, shape, true, missing);

    /// <summary>A member that may be left out.</summary>
    public static Member May(string name, Shape shape) => new(name, shape, false, 0);

    /// <summary>Null if the value has this form.</summary>
    public abstract Misfit? Check(JsonElement value, string path);

    private sealed record Scalar(string Name, params JsonValueKind[] Kinds) : Shape
    {
        public override Misfit? Check(JsonElement value, string path) =>
            Kinds.Contains(value.ValueKind) ? null : new Misfit(0, false, $"{path} is not {Name}");
    }

    private sealed record Unseen : Shape
    {
        public override Misfit? Check(JsonElement value, string path) =>
            value.ValueKind == JsonValueKind.Object ? null : new Misfit(0, false, $"{(path.Length == 0 ? "the body" : path)} is not an object");
    }

    private sealed record Items(Shape Item) : Shape
    {
        public override Misfit? Check(JsonElement value, string path)
        {
            if (value.ValueKind != JsonValueKind.Array) return new Misfit(0, false, $"{path} is not a list");
            foreach (var item in value.EnumerateArray())
                if (Item.Check(item, path + "[]") is { } misfit) return misfit;
            return null;
        }
    }

    private sealed record Map(Shape Value) : Shape
    {
        public override Misfit? Check(JsonElement value, string path)
        {
            if (value.ValueKind != JsonValueKind.Object) return new Misfit(0, false, $"{path} is not an object");
            foreach (var property in value.EnumerateObject())
                if (Value.Check(property.Value, $"{path}.{property.Name}") is { } misfit) return misfit;
            return null;
        }
    }

    private sealed record Members(IReadOnlyDictionary<string, Member> All) : Shape
    {
        public override Misfit? Check(JsonElement value, string path)
        {
            if (value.ValueKind != JsonValueKind.Object) return new Misfit(0, false, $"{(path.Length == 0 ? "the body" : path)} is not an object");
            var prefix = path.Length == 0 ? "" : path + ".";
            foreach (var property in value.EnumerateObject())
            {
                if (!All.TryGetValue(property.Name, out var member)) return new Misfit(0, false, $"unknown field: {prefix}{property.Name}");
                if (member.Shape.Check(property.Value, prefix + property.Name) is { } misfit) return misfit;
            }

            var missing = All.Values.FirstOrDefault(m => m.Required && !value.TryGetProperty(m.Name, out _));
            return missing is null ? null : new Misfit(missing.Missing, true, $"missing field: {prefix}{missing.Name}");
        }
    }
}

/// <param name="Name">As the documentation spells it.</param>
/// <param name="Shape">Its form.</param>
/// <param name="Required">Whether it must be there.</param>
/// <param name="Missing">The code where it is missing; 0: the platform's general one.</param>
public sealed record Member(string Name, Shape Shape, bool Required, int Missing);

/// <summary>Why a body is not as documented.</summary>
/// <param name="Code">The documented code; 0: the platform's general one.</param>
/// <param name="Missing">Something is missing, rather than wrong or unknown.</param>
/// <param name="Text">Names the field.</param>
public sealed record Misfit(int Code, bool Missing, string Text);
