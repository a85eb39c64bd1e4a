"""Everything a shop owner or an engineer sets: one class over `config.yml`, secrets from the environment.

Rasa reads the same file, so its own keys are allowed and ignored here; any other unknown key is an error that names it.
Nothing is read at import: entry points call `load_settings` and pass plain values on.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from bot.core.bands import Rates
from bot.core.calendar import Period

RASA_KEYS = frozenset({"recipe", "language", "pipeline", "policies", "assistant_id"})
SECRETS_FILE = Path("var/secrets.env")
SecretName = Literal["internal_secret", "shop_key", "token_key", "channel_key", "demo_agent_password"]
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class ConfigError(Exception):
    """`config.yml` or the environment cannot be used; the message names every offending key and its value."""


def _time_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as exc:
        raise ValueError(f"{name!r} is not a time zone of the IANA list, such as Asia/Shanghai") from exc
    return name


def _period(text: str) -> str:
    Period.parse(text)
    return text


Hours = list[Annotated[str, AfterValidator(_period)]]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = get_args(Weekday)

Port = Annotated[int, Field(ge=1, le=65535)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ServerSection(_Section):
    host: str = Field("127.0.0.1", description="Address the public server listens on; demo mode allows loopback only.")
    port: Port = Field(8000, description="Public port: REST, WebSocket, console, storefront.")
    database_url: str = Field("sqlite:///var/zhanggui.db", description="SQLAlchemy URL of the server's database (SQLite, PostgreSQL).")
    files_dir: str = Field("var/files", description="Folder of the images that shoppers send.")
    messages_per_10s: int = Field(20, ge=1, description="Messages of one conversation in ten seconds; more are refused.")
    logins_per_5min: int = Field(5, ge=1, description="Sign-ins of one agent from one address in five minutes.")


class NluSection(_Section):
    port: Port = Field(8001, description="Loopback port of the NLU process.")
    encoder: str = Field("models/encoder", description="Folder or hub name of a sentence-transformers model.")
    intent_threshold: float = Field(0.4, ge=0, le=1, description="Below this confidence Rasa is handed nlu_fallback.")
    want_threshold: float = Field(0.45, ge=0, le=1, description="A piece of a message counts as a want of its own above this.")
    random_seed: int = Field(42, ge=0, description="Seed of training, indexing and evaluation.")
    threads: int = Field(2, ge=1, le=64, description="Messages that the NLU process reads side by side.")


class KnowledgeSection(_Section):
    max_wrong_rate: float = Field(0.02, gt=0, lt=1, description="Share of unanswerable questions that may still get an answer.")
    max_suggested_rate: float = Field(0.15, gt=0, lt=1, description="Share of unanswerable questions that may get at least suggestions.")

    @model_validator(mode="after")
    def _ordered(self) -> KnowledgeSection:
        if self.max_suggested_rate < self.max_wrong_rate:
            raise ValueError("max_suggested_rate must not be below max_wrong_rate")
        return self

    def rates(self) -> Rates:
        """The value `bot.core.bands.thresholds` takes."""
        return Rates(self.max_wrong_rate, self.max_suggested_rate)


class DialogueSection(_Section):
    port: Port = Field(5005, description="Loopback port of Rasa.")


class ActionsSection(_Section):
    port: Port = Field(5055, description="Loopback port of the action server.")


class ShopSection(_Section):
    name: str = Field("云杉优选", min_length=1, description="Name of the shop, as shoppers read it.")
    name_en: str | None = Field(None, min_length=1, description="The same for shoppers who do not write Chinese; null: `name`.")
    url: str | None = Field(None, description="Base URL of the shop API; null: the demo shop inside the server.")
    timeout_s: float = Field(3, gt=0, le=30, description="Timeout of one call to the shop, in seconds.")


class HandoffSection(_Section):
    after_fallbacks: int = Field(
        2, ge=1, description="Turns in a row not understood, with no want or article to offer, before a person is called."
    )
    angry_turns: int = Field(2, ge=0, description="Angry turns in a row before a person is called; 0: never.")
    queue_return_s: float = Field(600, gt=0, description="Seconds after which the bot takes back what nobody accepted.")
    lease_s: float = Field(60, gt=0, description="Seconds without a sign of life after which an agent counts as gone.")
    handling_s: int = Field(90, ge=1, description="Seconds a person needs for one waiting shopper, for the estimate shown.")


class DeskSection(_Section):
    timezone: Annotated[str, AfterValidator(_time_zone)] = Field(
        "Asia/Shanghai", description="IANA time zone of working hours and of dates in messages."
    )
    working_hours: Hours | dict[Weekday, Hours] = Field(
        default_factory=lambda: ["08:00-24:00"],
        min_length=1,
        description="Periods in which people answer, for every day or by weekday (mon … sun; one that is left out is free).",
    )
    holidays: Literal["none", "china"] = Field(
        "none", description="china: free on public holidays, and make-up workdays go by the hours of a Monday."
    )
    days: dict[date, Hours] = Field(default_factory=dict, description="Single days with hours of their own; [] is free.")

    @field_validator("working_hours")
    @classmethod
    def _some_hours(cls, hours: Hours | dict[Weekday, Hours]) -> Hours | dict[Weekday, Hours]:
        if isinstance(hours, dict) and not any(hours.values()):
            raise ValueError("no weekday has hours")
        return hours


class ChatSection(_Section):
    debounce_ms: int = Field(700, ge=0, le=10_000, description="Messages within this time are answered as one turn.")
    turn_deadline_s: float = Field(10, gt=0, description="After this a turn without an answer goes to the queue.")
    max_chars: int = Field(4000, ge=1, le=4000, description="Longest message in characters; longer ones are refused.")
    idle_close_min: float = Field(30, gt=0, description="Minutes of silence after which a conversation is closed.")
    hot_questions: list[str] = Field(default_factory=list, max_length=10, description="Topic ids offered as buttons when a chat opens.")


class Settings(BaseSettings):
    """The whole configuration. Any value can be overridden by the environment: `ZHANGGUI_SERVER__PORT=9000`."""

    model_config = SettingsConfigDict(
        extra="forbid", frozen=True, env_prefix="ZHANGGUI_", env_nested_delimiter="__", nested_model_default_partial_update=True
    )

    demo: bool = Field(True, description="Demo mode: demo shop, fixtures, loopback only.")
    server: ServerSection = Field(default_factory=ServerSection, description="The public process.")
    nlu: NluSection = Field(default_factory=NluSection, description="Understanding.")
    knowledge: KnowledgeSection = Field(default_factory=KnowledgeSection, description="When an article answers.")
    dialogue: DialogueSection = Field(default_factory=DialogueSection, description="Rasa.")
    actions: ActionsSection = Field(default_factory=ActionsSection, description="The action server.")
    shop: ShopSection = Field(default_factory=ShopSection, description="The shop whose orders are looked up.")
    handoff: HandoffSection = Field(default_factory=HandoffSection, description="When a person is called.")
    desk: DeskSection = Field(default_factory=DeskSection, description="The people who answer.")
    chat: ChatSection = Field(default_factory=ChatSection, description="How a chat runs.")

    internal_secret: SecretStr | None = Field(None, description="Between processes (ZHANGGUI_INTERNAL_SECRET).")
    shop_key: SecretStr | None = Field(None, description="Service credential for the shop (ZHANGGUI_SHOP_KEY).")
    token_key: SecretStr | None = Field(None, description="HS256 key of shopper tokens (ZHANGGUI_TOKEN_KEY).")
    channel_key: SecretStr | None = Field(None, description="REST channel outside demo mode (ZHANGGUI_CHANNEL_KEY).")
    demo_agent_password: SecretStr | None = Field(None, description="Password of the demo agents (ZHANGGUI_DEMO_AGENT_PASSWORD).")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment wins over `secrets.env`, which wins over `config.yml` (passed as keyword arguments)."""
        return env_settings, dotenv_settings, init_settings

    @model_validator(mode="after")
    def _demo_stays_at_home(self) -> Settings:
        if self.demo and self.shop.url:
            raise ValueError(f"demo mode never talks to a real shop: set demo: false, or shop.url: null (is {self.shop.url!r})")
        if self.demo and self.server.host not in LOOPBACK:
            raise ValueError(f"demo mode listens on loopback only: set demo: false, or server.host: 127.0.0.1 (is {self.server.host!r})")
        return self

    def secret(self, name: SecretName) -> str:
        """A secret as text; raises `ConfigError` with what to do when it is not set."""
        value: SecretStr | None = getattr(self, name)
        if value is None or not value.get_secret_value():
            raise ConfigError(f"ZHANGGUI_{name.upper()} is not set: put it into the environment or into {SECRETS_FILE}")
        return value.get_secret_value()


def load_settings(path: str | Path | None = None, *, secrets_file: Path = SECRETS_FILE) -> Settings:
    """Settings from a YAML file (default: `$ZHANGGUI_CONFIG`, else `config.yml`), the environment and `secrets_file`.

    Raises `ConfigError` when the file is missing, is not YAML, has an unknown key or a value out of its range.
    """
    file = Path(path or os.environ.get("ZHANGGUI_CONFIG") or "config.yml")
    own = {key: value for key, value in _read(file).items() if key not in RASA_KEYS}
    if misplaced := sorted(set(own) & set(get_args(SecretName))):
        raise ConfigError(f"{file}: `{misplaced[0]}` is a secret: it belongs into the environment or into {secrets_file}")
    try:
        return Settings(_env_file=secrets_file if secrets_file.is_file() else None, **own)
    except ValidationError as exc:
        raise ConfigError(f"{file}: " + "; ".join(_fault(error) for error in _telling(exc.errors()))) from exc


def _read(file: Path) -> dict[str, Any]:
    try:
        data = yaml.safe_load(file.read_text(encoding="utf-8"))
    except OSError as exc:
        raise ConfigError(f"{file} cannot be read: {exc.strerror}") from exc
    except yaml.YAMLError as exc:
        raise ConfigError(f"{file} is not YAML: {exc}") from exc
    if not isinstance(data, dict):
        raise ConfigError(f"{file} must hold keys and values, such as `demo: true`")
    return data


def _telling(errors: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Of a value that may be of several kinds, the faults of the kind that it is; all when it is of none."""
    no_kind = [error for error in errors if error["loc"] and _is_inner(error["loc"][-1]) and error["type"] in ("list_type", "dict_type")]
    places = [_place(error) for error in errors if error not in no_kind]
    return [error for error in errors if error not in no_kind or not any(place[: len(_place(error))] == _place(error) for place in places)]


def _place(error: Mapping[str, Any]) -> list[str]:
    """The keys that lead to the value, without what pydantic calls its parts."""
    return [str(part) for part in error["loc"] if not _is_inner(part)]


def _is_inner(part: Any) -> bool:
    return str(part).startswith(("list[", "dict[", "[key]"))


def _fault(error: Mapping[str, Any]) -> str:
    """One sentence for one error of pydantic; values of secrets are never shown (SecretStr hides itself)."""
    key = ".".join(_place(error))
    if error["type"] == "extra_forbidden":
        return f"`{key}` is not a known setting; known here: {', '.join(_known_keys(error['loc'][:-1]))}"
    message = str(error["msg"]).removeprefix("Value error, ")
    return f"`{key}` has value {error['input']!r}: {message}" if key else message


def _known_keys(loc: tuple[int | str, ...]) -> list[str]:
    model: type[BaseModel] = Settings
    for part in loc:
        inner = model.model_fields[str(part)].annotation
        if not (isinstance(inner, type) and issubclass(inner, BaseModel)):
            return []
        model = inner
    return sorted(set(model.model_fields) - set(get_args(SecretName)))
